import { readLink } from "@page/session/link";
import { Session } from "@page/session/session";

export const answers = {
  run: (link: string) => {
    const session = new Session(readLink(link));
    session.go(session.config.step);
    return session.jobs.map(({ optimizer, loss, rate }, runner) => ({
      optimizer, loss, rate,
      theta: session.theta(runner),
      value: session.read(runner, "loss"),
      accuracy: session.read(runner, "accuracy"),
      gradient: session.read(runner, "gradient_norm"),
      lost: session.read(runner, "lost"),
      rows: session.read(runner, "rows"),
      test: session.tested(runner) ?? null,
      shown: session.frame().test?.[runner] ?? null,
    }));
  },
};

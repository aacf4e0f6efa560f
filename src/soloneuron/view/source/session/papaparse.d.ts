/** As much of Papa Parse as the page uses; its own types need those of Node. */
declare module "papaparse" {
  interface Parsed {
    data: string[][];
    errors: { code: string; row?: number }[];
  }
  export function parse(text: string, options: { delimiter: string; skipEmptyLines: "greedy"; preview?: number }): Parsed;
}

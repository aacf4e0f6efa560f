// What is scrolled sideways can be reached by the keyboard, and the buttons of a block are no landmark.
function reachable() {
  for (const part of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) part.tabIndex = 0;
  for (const part of document.querySelectorAll("nav.md-code__nav:not([role])")) part.setAttribute("role", "none");
}

new MutationObserver(reachable).observe(document.body, { childList: true, subtree: true });
reachable();

// The other language is the same page: every page has its twin under the same name.
const here = location.pathname.match(/^(.*)\/(?:en|ru)\/(.*)$/);
if (here) {
  for (const link of document.querySelectorAll("a[hreflang]")) link.href = `${here[1]}/${link.hreflang}/${here[2]}`;
}

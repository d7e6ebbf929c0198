/** Of a worker that fails without a word: browsers don't say why a script isn't loaded. */
export const notLoaded =
  "its script could not be loaded; it has to come from the page's own origin, with the headers that the page has, and a content security policy of the page must let worker-src load it";

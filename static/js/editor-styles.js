// Wagtail's rich-text editor writes its placeholders and the numbers of its lists as <style>
// elements, whose words differ with the place of the cursor. Each is given this page's nonce: our
// policy lets those pass that a script of ours has made, and no style that stands in the HTML.

const { nonce } = document.currentScript;
const create = Document.prototype.createElement;

Document.prototype.createElement = function createWithNonce(...named) {
  const element = create.apply(this, named);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};

// Wagtail starts its calendars, choosers and panels by scripts that stand in the page, which our
// policy forbids. Ours stand there as data, <template data-start="…">, and are started here: what
// came with the page, and what dialogs, panels and lists bring later. Nothing but the names below
// can be started, whatever a page holds.

{
  const called = new Set(["createTaskChooser", "initDateChooser", "initDateTimeChooser", "initTimeChooser"]);
  const made = new Set([
    "Chooser",
    "DocumentChooser",
    "ImageChooser",
    "InlinePanel",
    "MultipleChooserPanel",
    "PageChooser",
    "SnippetChooser",
  ]);
  const started = new WeakSet();

  const start = (template) => {
    if (started.has(template)) return;
    started.add(template);
    const { start: name, id, options } = template.dataset;
    const given = [];
    if (id !== undefined) given.push(id);
    if (options !== undefined) given.push(JSON.parse(options));
    if (called.has(name)) window[name](...given);
    else if (made.has(name)) Reflect.construct(window[name], given);
    else throw new Error(`Nothing is started as "${name}".`);
  };

  const startWithin = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches("template[data-start]")) start(node);
    node.querySelectorAll("template[data-start]").forEach(start);
  };

  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(startWithin);
  }).observe(document, { childList: true, subtree: true });
}

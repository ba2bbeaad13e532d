/**
 * Live texts under a browser's translation, which replaces text nodes by `font` elements of its own and leaves
 * the originals, which the views go on writing to, outside of the page.
 *
 * The original returns, empty, beside its translation. The next text that a view writes into it replaces the
 * translation; the browser may then translate it again.
 */

/** Watches a part of the page; returns the function that stops it. */
export function keepTextsAlive(root: Node): () => void {
  /** Translations by their originals. */
  const translations = new Map<Node, Element>();
  const observer = new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "characterData") retire(record.target);
      record.removedNodes.forEach((node) => node instanceof Text && takeBack(node, record));
    }
    // What was restored here is no change of a view.
    observer.takeRecords();
  });

  /** Removes the translation of a text that a view has written or removed, if there is one. */
  function retire(text: Node): void {
    translations.get(text)?.remove();
    translations.delete(text);
  }

  /** Puts a text back that a translation has replaced; a text that a view has removed takes its translation with it. */
  function takeBack(text: Text, record: MutationRecord): void {
    const translation = fonts(record).find((element) => ![...translations.values()].includes(element));
    if (!translation) {
      retire(text);
      return;
    }
    // An original, which is empty, has been replaced itself.
    if (translations.has(text)) {
      translation.replaceWith(text);
      return;
    }
    // Some extensions move the original into the element: its content there is a copy from now on.
    if (translation.contains(text)) text.replaceWith(text.cloneNode());
    if (translations.size === 0) observer.observe(root, { childList: true, characterData: true, subtree: true });
    text.data = "";
    translation.before(text);
    translations.set(text, translation);
  }

  observer.observe(root, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** Elements that may have replaced a removed text. */
function fonts({ addedNodes, previousSibling, nextSibling }: MutationRecord): Element[] {
  const isFont = (node: Node | null): node is Element => node instanceof Element && node.localName === "font";
  return [...addedNodes, previousSibling, nextSibling].filter(isFont);
}

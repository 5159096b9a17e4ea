// Making elements. Whatever others have written gets into the page as printable text, never as
// markup: there is no other way in this file, and nothing else makes elements or sets texts.

import { printable } from './printable.js';

export const byId = (id) => document.getElementById(id);

/** An element with these attributes and children; children that are no nodes become text. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value != null) setAttribute(node, name, value);
  }
  node.append(...content(children));
  return node;
}

const content = (children) => children.filter((child) => child != null)
  .map((child) => (child instanceof Node ? child : printable(child)));

export function setAttribute(node, name, value) {
  node.setAttribute(name, printable(value));
}

/** Puts texts and nodes into `parent`, in the place of what was there. */
export function setContent(parent, ...children) {
  parent.replaceChildren(...content(children));
}

export function setTitle(text) {
  document.title = printable(text);
}

export function show(node, visible) {
  node.hidden = !visible;
}

/** Sets the text unless it is that already, so that a screen reader does not repeat it. */
export function setText(node, text) {
  const shown = printable(text);
  if (node.textContent !== shown) node.textContent = shown;
}

/** Makes `nodes` the children of `parent`. Those that stay are not moved, so that they keep the focus. */
export function setChildren(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
}

/** A table of texts and nodes. */
export function table(caption, headings, rows) {
  return element('table', {},
    element('caption', { class: 'hidden' }, caption),
    element('thead', {}, element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...rows.map(([first, ...others]) => element('tr', {},
      element('th', { scope: 'row' }, first), ...others.map((cell) => element('td', {}, cell))))));
}

/** Opens a dialog, and calls `agreed` when it is closed by its button `yes`. */
export function ask(dialog, agreed) {
  dialog.returnValue = '';
  dialog.addEventListener('close', () => {
    if (dialog.returnValue === 'yes') agreed();
  }, { once: true });
  dialog.showModal();
}

/** The value of the checked radio button in a fieldset, now and whenever it changes. */
export function choice(fieldset, changed) {
  fieldset.addEventListener('change', () => changed(fieldset.querySelector('input:checked').value));
}

// Letters that a keyboard lacks: each button puts its letter where the caret is in the page's box of class `st-key-${data.box}`.
const el = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".letters");
  const box = () => document.querySelector(`.st-key-${data.box} :is(input, textarea)`);
  const insert = (letter) => {
    const field = box();
    if (!field) return;
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, field.value.slice(0, from) + letter + field.value.slice(to));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(from + letter.length, from + letter.length);
  };
  const row = ([title, open, letters]) => {
    const group = el("div", { class: "row", role: "group", "aria-label": title || data.words.letters, dir: data.dir, lang: data.lang });
    for (const [letter, upper, shown, name] of letters) {
      const button = el("button", { type: "button", title: name, "aria-label": name }, shown);
      button.onpointerdown = (event) => event.preventDefault(); // the caret stays where it is
      button.onclick = (event) => insert(event.shiftKey ? upper : letter);
      group.append(button);
    }
    return open ? group : el("details", {}, el("summary", {}, el("bdi", {}, title)), group);
  };
  if (root.dataset.version === data.version) return;
  root.dataset.version = data.version;
  root.replaceChildren(...data.rows.map(row));
}

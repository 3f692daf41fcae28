// Slots marked in a text, by pointer or by keyboard alone. Its units are grapheme clusters: no slot ends inside a letter.
// `data`: version, letters [[text, start, end]], slots [{name, start, end, method}], names, hues {name: degrees}, methods [[value, label]], words, dir, lang.

const el = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const isSpace = (text) => /^\s+$/u.test(text);

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".marker");
  if (root.state?.version !== data.version) {
    root.state = { version: data.version, slots: data.slots, from: 0, to: -1, at: 0 };
  }
  const state = root.state;
  const letters = data.letters;
  const hue = (name) => data.hues[name] ?? 0;

  const save = (slots) => {
    state.slots = slots.sort((a, b) => a.start - b.start);
    setStateValue("marked", { version: data.version, slots: state.slots });
    draw();
  };
  const slotAt = (i) => state.slots.find((s) => s.start < letters[i][2] && letters[i][1] < s.end);
  const wordAt = (i) => {
    let [from, to] = [i, i];
    while (from > 0 && !isSpace(letters[from - 1][0])) from--;
    while (to < letters.length - 1 && !isSpace(letters[to + 1][0])) to++;
    return [from, to];
  };
  const select = (a, b, at = b) => {
    [state.from, state.to, state.at] = [Math.min(a, b), Math.max(a, b), at];
    draw();
  };
  const assign = (name) => {
    let [from, to] = [state.from, state.to];
    while (from <= to && isSpace(letters[from][0])) from++;
    while (to >= from && isSpace(letters[to][0])) to--;
    if (to < from) return;
    const [start, end] = [letters[from][1], letters[to][2]];
    const others = state.slots.filter((s) => s.end <= start || end <= s.start);
    state.to = -1;
    save([...others, { name, start, end, method: data.methods.length ? data.methods[0][0] : null }]);
  };
  const remove = (slot) => save(state.slots.filter((s) => s !== slot));

  const nextWord = (i, step) => {
    let at = step > 0 ? wordAt(i)[1] + 1 : wordAt(i)[0] - 1;
    while (at >= 0 && at < letters.length && isSpace(letters[at][0])) at += step;
    return at < 0 || at >= letters.length ? null : wordAt(at);
  };
  const move = (step, extend, byLetter) => {
    const empty = state.to < state.from;
    if (byLetter) {
      const at = Math.max(0, Math.min(letters.length - 1, empty ? state.at : state.at + step));
      return extend && !empty ? select(state.at === state.from ? state.to : state.from, at, at) : select(at, at);
    }
    if (empty) return select(...wordAt(Math.min(state.at, letters.length - 1)));
    const word = nextWord(step > 0 ? state.to : state.from, step);
    if (!word) return;
    if (!extend) return select(...word);
    step > 0 ? select(state.from, word[1], word[1]) : select(word[0], state.to, word[0]);
  };
  const onKey = (event) => {
    const forward = data.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const arrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const digit = /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey ? Number(event.key) : 0;
    if (arrow && letters.length) move(event.key === forward ? 1 : -1, event.shiftKey, event.ctrlKey || event.altKey);
    else if (digit && data.names[digit - 1]) assign(data.names[digit - 1]);
    else if (event.key === "Delete" || event.key === "Backspace") {
      const slot = letters.length && slotAt(Math.min(state.at, letters.length - 1));
      if (slot) remove(slot);
    } else if (event.key === "Escape") { state.to = -1; draw(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const textBox = () => {
    const box = el("div", { class: "text", role: "textbox", "aria-readonly": "true", "aria-multiline": "true", tabindex: "0", dir: data.dir,
                            lang: data.lang, "aria-label": data.words.text, "aria-describedby": "keys" });
    letters.forEach(([text], i) => {
      const slot = slotAt(i);
      const letter = el("span", { "data-i": i }, text);
      if (slot) { letter.className = "slot"; letter.style.setProperty("--hue", hue(slot.name)); letter.title = slot.name; }
      if (i >= state.from && i <= state.to) letter.classList.add("chosen");
      box.append(letter);
    });
    const under = (event) => {
      const hit = (parentElement.elementFromPoint ? parentElement : document).elementFromPoint(event.clientX, event.clientY);
      return hit?.dataset?.i === undefined ? null : Number(hit.dataset.i);
    };
    box.onpointerdown = (event) => {
      const i = under(event);
      if (i === null) return;
      state.start = i;
      const stop = () => { document.removeEventListener("pointermove", drag); document.removeEventListener("pointerup", stop); };
      const drag = (moved) => { const at = under(moved); if (at !== null && at !== i) { state.dragged = true; select(i, at); } };
      state.dragged = false;
      document.addEventListener("pointermove", drag);
      document.addEventListener("pointerup", stop);
    };
    box.onclick = (event) => {
      const i = under(event);
      if (i === null || state.dragged) { state.dragged = false; return; }
      const slot = slotAt(i);
      if (slot) {
        const inside = letters.flatMap(([, start, end], j) => (slot.start < end && start < slot.end ? [j] : []));
        select(inside[0], inside.at(-1));
      } else select(...wordAt(i));
    };
    box.onkeydown = onKey;
    return box;
  };
  const nameButtons = () => {
    const row = el("div", { class: "names", role: "group", "aria-label": data.words.names });
    data.names.forEach((name, i) => {
      const key = i < 9 ? `${i + 1} ` : "";
      const button = el("button", { type: "button" }, el("kbd", {}, key), name);
      button.style.setProperty("--hue", hue(name));
      button.onclick = () => assign(name);
      row.append(button);
    });
    return row;
  };
  const slotRows = () => {
    const list = el("ul", { class: "slots", "aria-label": data.words.slots });
    state.slots.forEach((slot) => {
      const text = letters.filter(([, start, end]) => slot.start <= start && end <= slot.end).map(([t]) => t).join("");
      const row = el("li", {}, el("b", {}, slot.name), " ", el("bdi", { dir: data.dir, lang: data.lang }, text));
      row.style.setProperty("--hue", hue(slot.name));
      if (data.methods.length) {
        const choice = el("select", { "aria-label": `${data.words.method}: ${slot.name}` });
        data.methods.forEach(([value, label]) => choice.append(el("option", { value }, label)));
        choice.value = slot.method ?? data.methods[0][0];
        choice.onchange = () => save(state.slots.map((s) => (s === slot ? { ...s, method: choice.value } : s)));
        row.append(choice);
      }
      const button = el("button", { type: "button", "aria-label": `${data.words.remove}: ${slot.name}` }, "✕");
      button.onclick = () => remove(slot);
      row.append(button);
      list.append(row);
    });
    return list;
  };
  const draw = () => {
    const focused = parentElement.activeElement?.classList?.contains("text");
    const box = textBox();
    root.replaceChildren(box, el("p", { id: "keys", class: "keys" }, data.words.keys), nameButtons(), slotRows());
    if (focused) box.focus({ preventScroll: true });
  };
  draw();
}

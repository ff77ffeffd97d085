// Finding a unit by typing: a field above the list of units. Without this script the list stands alone.
for (const found of document.querySelectorAll(".report-find")) {
  const label = document.createElement("label");
  const field = document.createElement("input");
  const said = document.createElement("p");
  field.id = "find-unit";
  field.type = "search";
  field.autocomplete = "off";
  field.className = "nhsuk-input nhsuk-input--width-30";
  label.htmlFor = field.id;
  label.className = "nhsuk-label";
  label.textContent = found.dataset.label;
  said.className = "report-note";
  said.setAttribute("role", "status");
  found.prepend(label, field, said);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const units = [...found.querySelectorAll("li")].map((item) => {
    const link = item.querySelector("a");
    return { item, link, text: plain(`${link.textContent} ${link.dataset.code}`) };
  });
  const matching = () => {
    const words = plain(field.value).split(/\s+/);
    return units.filter((unit) => words.every((word) => unit.text.includes(word)));
  };
  field.addEventListener("input", () => {
    const shown = matching();
    for (const unit of units) unit.item.hidden = !shown.includes(unit);
    said.textContent = field.value.trim() ? found.dataset.found.replace("{n}", shown.length) : "";
    const behind = found.querySelector("details");
    if (behind && field.value.trim()) behind.open = true;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const [first, ...others] = field.value.trim() ? matching() : [];
    if (first && others.length === 0) first.link.click();
    else if (first) first.link.focus();
  });
}

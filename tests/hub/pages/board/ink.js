// Where the ink of a page's words lies, and what is wrong with it: cut off, on an edge or rule, or over other ink.
() => {
  const TOUCHES = 0.03; // of the letters' size: nearer to an edge is on it
  const FAR_OFF = 5000; // words for those who hear the page stand there
  const context = document.createElement("canvas").getContext("2d");
  const faults = [];
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && Math.abs(element.getBoundingClientRect().left) < FAR_OFF;

  // Each word of each text by its line box, for the font's ascent is known within it, and by what its letters draw.
  function inkOf(node) {
    const style = getComputedStyle(node.parentElement);
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.direction = style.direction;
    context.textAlign = "left";
    const range = document.createRange();
    const found = [];
    for (const word of node.data.matchAll(/\S+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      const drawn = context.measureText(word[0]);
      const line = drawn.fontBoundingBoxAscent + drawn.fontBoundingBoxDescent;
      const scale = node.parentElement instanceof SVGElement ? box.height / line : 1; // a drawing has units of its own
      const baseline = box.top + (box.height - scale * line) / 2 + scale * drawn.fontBoundingBoxAscent;
      found.push({
        text: word[0], element: node.parentElement, size: scale * parseFloat(style.fontSize),
        left: box.left - scale * Math.max(0, drawn.actualBoundingBoxLeft), right: box.left + Math.max(box.width, scale * drawn.actualBoundingBoxRight),
        top: baseline - scale * drawn.actualBoundingBoxAscent, bottom: baseline + scale * drawn.actualBoundingBoxDescent,
      });
    }
    return found;
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    if (walker.currentNode.data.trim() !== "" && isSeen(walker.currentNode.parentElement)) {
      words.push(...inkOf(walker.currentNode));
    }
  }
  const says = (word) => `${word.text} (${word.element.id || word.element.getAttribute("class") || word.element.tagName})`;
  const painted = [...document.body.querySelectorAll("*")].filter((element) => {
    const style = getComputedStyle(element);
    return isSeen(element) && (style.backgroundColor !== "rgba(0, 0, 0, 0)" || parseFloat(style.borderTopWidth) > 0 || parseFloat(style.borderBottomWidth) > 0);
  });
  const screenBox = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  for (const word of words) {
    const near = TOUCHES * word.size;
    const isWithin = (box) => word.left >= box.left - 1 + (box === screenBox ? near : 0) && word.right <= box.right + 1 - (box === screenBox ? near : 0)
      && word.top >= box.top + near && word.bottom <= box.bottom - near;
    if (!isWithin(screenBox)) {
      faults.push(`${says(word)} reaches the screen's edge`);
    }
    for (const element of painted) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const isInside = element.contains(word.element);
      const isOver = word.left < box.right && word.right > box.left && word.top < box.bottom && word.bottom > box.top;
      if (isInside ? !isWithin({ left: box.left, right: box.right, top: box.top + parseFloat(style.borderTopWidth), bottom: box.bottom - parseFloat(style.borderBottomWidth) }) : isOver) {
        faults.push(`${says(word)} reaches the edge of ${element.id || element.className || element.tagName}`);
      }
    }
  }
  words.forEach((one, place) => {
    for (const other of words.slice(place + 1)) {
      const isOneText = one.element === other.element || one.element.contains(other.element) || other.element.contains(one.element);
      if (!isOneText && one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top) {
        faults.push(`${says(one)} lies over ${says(other)}`);
      }
    }
  });
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (isSeen(element) && style.overflowX !== "visible" && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
      faults.push(`${element.id || element.className || element.tagName} cuts what it holds`);
    }
  }
  if (words.length === 0) {
    faults.push("there is not a word");
  }
  return faults;
}

// What is heard in front of a board: each audio element that plays, from when to when, and the sound that it was given.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const tell = (what) => window.toEars(what);
  const play = HTMLMediaElement.prototype.play;
  let count = 0;

  // The levels of a sound, each as it stands for a while: [[level, samples], ...]. The browser's cache gives what it gave
  // to the element.
  async function decoded(address) {
    const bytes = await (await fetch(address, { cache: "force-cache" })).arrayBuffer();
    const data = (await new OfflineAudioContext(1, 1, 22050).decodeAudioData(bytes)).getChannelData(0);
    const found = [];
    for (let from = 0, at = 1; at <= data.length; at += 1) {
      if (at === data.length || data[at] !== data[from]) {
        if (at - from >= 40 && data[from] !== 0) {
          found.push([Math.round(data[from] * 32768), at - from]);
        }
        from = at;
      }
    }
    return { levels: found, length: data.length / 22050 };
  }

  HTMLMediaElement.prototype.play = function (...rest) {
    const sound = `${performance.timeOrigin}-${(count += 1)}`;
    const address = this.currentSrc || this.src;
    tell({ sound, address, asked: now() });
    this.addEventListener("playing", () => tell({ sound, begun: now() }), { once: true });
    this.addEventListener("pause", () => this.ended || tell({ sound, cut: now() }), { once: true });
    this.addEventListener("ended", () => {
      tell({ sound, ended: now(), played: this.currentTime });
      decoded(address).then((found) => tell({ sound, ...found }), (error) => tell({ sound, failed: String(error) }));
    }, { once: true });
    this.addEventListener("error", () => tell({ sound, failed: this.error?.message ?? "error" }), { once: true });
    return play.apply(this, rest);
  };
})();

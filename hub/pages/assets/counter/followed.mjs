// The greatest word of a hub that it leads which this page has heard. Each press carries it: a hub that was set back, or
// succeeded by another, hears of it before it calls anybody.

const KEPT = "followed";

export const followed = () => sessionStorage.getItem(KEPT);

const isGreater = (one, other) =>
  other === null || one.term > other.term || (one.term === other.term && (one.hub > other.hub || (one.hub === other.hub && one.seq > other.seq)));

export function heard(statement) {
  if (statement && isGreater(statement, JSON.parse(followed()))) {
    sessionStorage.setItem(KEPT, JSON.stringify(statement));
  }
}

// Plays a case of cases.json by the pages' own scripts; what a page fetches is given by the case.

const DAY = "2026-11-22";
globalThis.setTimeout = (done) => { queueMicrotask(done); return 0; };
globalThis.setInterval = () => 0;

const answerOf = (status, said, headers = {}) => new Response(JSON.stringify(said), { status, headers });

function give(answers) {
  const asked = [];
  globalThis.fetch = async (_url, { headers, body } = {}) => {
    asked.push({ headers, body: JSON.parse(body ?? "null") });
    const answer = answers.shift();
    if (answer === null || answer === undefined) {
      throw new TypeError("lost");
    }
    return answer;
  };
  return asked;
}

const presses = async (acts = {}) => {
  const { Presses } = await import("/assets/counter/presses.mjs");
  const seen = { left: false };
  const usual = { hasLine: () => true, isStillWanted: async () => true };
  return [new Presses({ onChange() {}, onAnswer() {}, onRefused: () => { seen.left = true; }, ...usual, ...acts }), seen];
};

const SAID = { counter: { version: 9, ticket: null } };

// A board's page stays open over the steps that show it something; `opened` keeps it.
let opened = null;

const PARTS = {
  async board(see) {
    const { Announcer } = await import("/assets/board/announcing.mjs");
    opened ??= new Announcer({ speaks: true, hubNow: () => opened.now, onSaying() {}, onBlocked() {} });
    opened.speak = () => {};
    opened.now = Date.parse(see.as_of);
    opened.hear({ ...see, calls: see.calls.map(([seq, at]) => ({ seq, at: `${DAY}T${at}.000000Z`, number: "A1001", counter: 1 })) });
    return opened.queue.splice(0).map(({ seq }) => seq);
  },

  async along() {
    return opened === null ? "" : opened.along();
  },

  async leader({ hubs, looks }) {
    document.body.dataset.hubs = hubs.map(([id, address]) => `${id}=${address}`).join(" ");
    let answers = looks[0];
    globalThis.fetch = async (url) => {
      const said = answers[new URL(url).origin];
      if (!said) {
        throw new TypeError("lost");
      }
      return answerOf(200, said);
    };
    const { Leader } = await import("/assets/leading.mjs");
    const leader = new Leader(); // which looks at once
    for (answers of looks) {
      await leader.look();
    }
  },

  async followed({ heard: words }) {
    const { followed, heard } = await import("/assets/counter/followed.mjs");
    words.forEach(heard);
    return JSON.parse(followed());
  },

  async press({ kind, more, counter, answers, wanted, tries_s: triesS = 1, lines = [] }) {
    const asked = give(answers.map((status) => status && answerOf(status, SAID)));
    Date.now = () => 1000 * triesS * asked.length;
    const left = [...lines];
    const questions = [];
    const [all, seen] = await presses({
      hasLine: () => left.shift() ?? true,
      isStillWanted: async (body) => { questions.push(body.press); return wanted; },
    });
    await all.press(counter, kind, more);
    const keys = new Set(asked.map(({ headers }) => headers["Idempotency-Key"]));
    return {
      sent: asked.length, keys: keys.size, body: asked.at(-1).body, asked: questions, looks: left.length,
      pending: all.pending !== null, left: seen.left,
    };
  },

  async kept({ counter, many, answers }) {
    const { answers: list } = await import("/assets/counter/answers.mjs");
    const given = many ? Array.from({ length: many }, (_, n) => ({ seq: n + 1, pulled: 0, signature: `hub-a.1.s${n + 1}` })) : answers;
    give(given.map((one) => answerOf(200, SAID, { "Hub-Signature": one.signature, "Hub-Seq": one.seq, "Hub-Pulled": one.pulled })));
    const [all] = await presses();
    for (const _ of given) {
      await all.press({ number: counter, version: 9, ticket: null }, "next");
    }
    const found = list().map(({ seq, known }) => [seq, known]);
    return many ? [found[0], found.at(-1)] : found;
  },

  async resume({ counter, must_resume: mustResume, log: [hub, term], kept, answers }) {
    sessionStorage.setItem("answers", JSON.stringify(kept.map((one) => ({ version: 0, ...one, answer: {} }))));
    const asked = give(answers.map((one) => one && answerOf(one[0], { seq: one[1] })));
    const { resume } = await import("/assets/counter/resuming.mjs");
    await resume({ hub, term, must_resume: mustResume, counter: { number: counter, version: 4 } });
    const { answers: list } = await import("/assets/counter/answers.mjs");
    return {
      asked: asked.map(({ body }) => [body.key, body.more ?? null]),
      kept: list().map(({ key, known, seq }) => [key, known, seq]),
    };
  },

  async commits({ leading, log: [hub, term], kept, answers }) {
    sessionStorage.setItem("answers", JSON.stringify(kept.map((one) => ({ ...one, answer: { signature: one.key } }))));
    const asked = give(answers.map((one) => one && answerOf(one[0], { seq: one[1] })));
    const { tellCommits } = await import("/assets/counter/commits.mjs");
    await tellCommits({ hub, term, leading });
    const { answers: list } = await import("/assets/counter/answers.mjs");
    return {
      asked: asked.map(({ body }) => body.facts[0].answer.signature),
      kept: list().map(({ key, known, seq }) => [key, known, seq]),
    };
  },

  async pressed() {
    globalThis.fetch = () => new Promise(() => {});
    const [all] = await presses();
    all.press({ number: 1 }, "next");
  },

  async waits() {
    globalThis.fetch = () => new Promise(() => {});
    const [all] = await presses();
    all.takeUp();
    return all.pending !== null;
  },
};

globalThis.played = (part, given) => PARTS[part](given);

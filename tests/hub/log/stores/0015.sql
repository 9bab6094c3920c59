BEGIN TRANSACTION;
CREATE TABLE alarms (
	code TEXT NOT NULL, 
	since_at INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_alarms PRIMARY KEY (code)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE app_keys (
	kid TEXT NOT NULL, 
	public_key TEXT, 
	alg INTEGER, 
	valid_from INTEGER, 
	valid_until INTEGER, 
	revoked_at INTEGER, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_app_keys PRIMARY KEY (kid)
);
CREATE TABLE business_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	date TEXT NOT NULL, 
	opened_by TEXT NOT NULL, 
	serial INTEGER, 
	counter_base INTEGER DEFAULT '0' NOT NULL
);
INSERT INTO "business_days" VALUES(1,'2026-11-25','clock',NULL,0);
CREATE TABLE catalogue (
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_catalogue PRIMARY KEY (code)
);
CREATE TABLE central_keys (
	kid TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	current INTEGER DEFAULT '1' NOT NULL, 
	added INTEGER DEFAULT '0' NOT NULL, 
	retired INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_central_keys PRIMARY KEY (kid, purpose)
);
INSERT INTO "central_keys" VALUES('2f6bb541','sealing','pWMrwMgEGQzNdFq9BDg+u4znrLyWuixgY0ZaTp6RG2M=',1,0,0);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('counters','{"centre":"homs-main","counters":[{"number":1,"names":{"ar":"1","en":"1"},"groups":["A","B"]},{"number":2,"names":{"ar":"2","en":"2"},"groups":["A"]}],"rules":{"priority_weight":2,"help_after_s":1800,"carry_after_min":60,"carry_most":0.25},"places":{"1":{"ar":"عند المدخل","en":"at the entrance"}}}',1,0);
INSERT INTO "centre_records" VALUES('kiosks','{"centre":"homs-main","kiosks":[{"id":"kiosk-1","digit":1,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false},{"id":"kiosk-2","digit":2,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false},{"id":"kiosk-3","digit":3,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false}]}',1,0);
INSERT INTO "centre_records" VALUES('hubs','{"centre":"homs-main","hubs":[{"id":"hub-0001","address":"http://127.0.0.1:8090","public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","certificate_sha256":null,"revoked":false}]}',1,0);
CREATE TABLE chain_gaps (
	epoch TEXT NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	first_prev_hash TEXT NOT NULL, 
	last_hash TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_chain_gaps PRIMARY KEY (epoch, first_seq)
);
CREATE TABLE counters (
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (day_id, prefix)
);
CREATE TABLE delivery (
	one INTEGER NOT NULL, 
	last_success_at INTEGER, 
	last_error TEXT, 
	last_error_at INTEGER, 
	next_attempt_at INTEGER, 
	try_now INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (one)
);
INSERT INTO "delivery" VALUES(1,NULL,NULL,NULL,NULL,0);
CREATE TABLE epochs (
	epoch TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	former TEXT, 
	CONSTRAINT pk_epochs PRIMARY KEY (epoch)
);
INSERT INTO "epochs" VALUES('bffd6465-4992-439d-be90-3e4f18a11354','hub-0001',0,NULL);
CREATE TABLE feed (
	one INTEGER NOT NULL, 
	cursor TEXT, 
	business_day_serial INTEGER DEFAULT '0' NOT NULL, 
	epoch TEXT, 
	through INTEGER, 
	generation INTEGER DEFAULT '0' NOT NULL, 
	part INTEGER, 
	CONSTRAINT pk_feed PRIMARY KEY (one)
);
INSERT INTO "feed" VALUES(1,NULL,0,NULL,NULL,0,NULL);
CREATE TABLE feed_set_aside (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	CONSTRAINT pk_feed_set_aside PRIMARY KEY (id)
);
CREATE TABLE hall_as_of (
	one INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	life TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	wall_time TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	CONSTRAINT pk_hall_as_of PRIMARY KEY (one)
);
CREATE TABLE hall_rows (
	day INTEGER NOT NULL, 
	kiosk TEXT NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	state TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	queue TEXT, 
	counter INTEGER, 
	called TEXT, 
	"end" TEXT, 
	priority INTEGER NOT NULL, 
	shown TEXT NOT NULL, 
	CONSTRAINT pk_hall_rows PRIMARY KEY (day, kiosk, number)
);
CREATE TABLE hub_alarms (
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	machine TEXT NOT NULL, 
	digits TEXT NOT NULL, 
	since TEXT NOT NULL, 
	taken_at TEXT, 
	taken_by TEXT, told_at TEXT, told_to TEXT, 
	CONSTRAINT pk_hub_alarms PRIMARY KEY (name), 
	CONSTRAINT uq_hub_alarms_digits UNIQUE (digits)
);
INSERT INTO "hub_alarms" VALUES('paper-out/kiosk-1','paper-out','kiosk-1','42','2026-11-25T09:10:00.000000Z',NULL,NULL,NULL,NULL);
CREATE TABLE hub_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hub_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hub_alembic_version" VALUES('0015');
CREATE TABLE hub_by_hand (
	seq INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	ranges TEXT NOT NULL, 
	CONSTRAINT pk_hub_by_hand PRIMARY KEY (seq, day)
);
INSERT INTO "hub_by_hand" VALUES(12,1,'[{"to":"A3001","first":null,"but":[]}]');
CREATE TABLE hub_counters (
	number INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	ticket TEXT, 
	clerk TEXT, 
	reason TEXT, 
	acted_line INTEGER, 
	acted_work INTEGER, 
	last_press TEXT, 
	last_seq INTEGER, 
	must_resume INTEGER NOT NULL, called_carried INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_counters PRIMARY KEY (number)
);
INSERT INTO "hub_counters" VALUES(1,'called',6,'d20fb828-0858-4f76-b6ca-88bd5d1d5469','clerk-1',NULL,0,0,'27e0f563-e201-467f-9e08-a433db65da2f',14,0,0);
CREATE TABLE hub_day_labels (
	label TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	CONSTRAINT pk_hub_day_labels PRIMARY KEY (label)
);
INSERT INTO "hub_day_labels" VALUES('2026-11-25',1);
CREATE TABLE hub_days (
	day INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	is_closed INTEGER NOT NULL, early_line INTEGER, 
	CONSTRAINT pk_hub_days PRIMARY KEY (day)
);
INSERT INTO "hub_days" VALUES(1,'2026-11-25',0,NULL);
CREATE TABLE hub_events (
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	kiosk TEXT, 
	ticket TEXT, 
	number TEXT, 
	counter INTEGER, 
	clerk TEXT, 
	press TEXT, 
	day INTEGER NOT NULL, 
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	wall_time TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_hub_events PRIMARY KEY (seq)
);
INSERT INTO "hub_events" VALUES(1,1,'life-began',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"life":"faffc18c0ade001d","hub":"hub-0001","why":"started","stood_on":0,"asks":true}}');
INSERT INTO "hub_events" VALUES(2,1,'led',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"term":1,"hub":"hub-0001","by":null}}');
INSERT INTO "hub_events" VALUES(3,1,'work-switched',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"line_us":1,"work_us":0,"is_running":true}}');
INSERT INTO "hub_events" VALUES(4,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25","by":"clock"}}');
INSERT INTO "hub_events" VALUES(5,1,'arrived','kiosk-1','0a918b1e-3fee-44fb-9b6a-a6e869071b8a','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","kiosk":"kiosk-1","epoch":"039fc769-4202-4d2e-8439-376c6107068a","kiosk_seq":1,"revision":0,"digest":"35a3e5a910265a4f9b7ea938983eb27dd9d2a90c2c25f241bf87e98670534094","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(6,1,'arrived','kiosk-2','d20fb828-0858-4f76-b6ca-88bd5d1d5469','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"d20fb828-0858-4f76-b6ca-88bd5d1d5469","kiosk":"kiosk-2","epoch":"a523fcf0-59dd-4fbb-8ada-3eab4048cdd2","kiosk_seq":1,"revision":0,"digest":"c52dfb2310d13674565b3ccea586d7d2f32cf851db0412fe8494af8d39425ffb","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(7,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','d2ace5bf-a507-4a74-a2c1-cba58fda65e4',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"d2ace5bf-a507-4a74-a2c1-cba58fda65e4","last_seq":7}}');
INSERT INTO "hub_events" VALUES(8,1,'called','kiosk-1','0a918b1e-3fee-44fb-9b6a-a6e869071b8a','A1001',1,'clerk-1','675acada-69d4-4250-a334-e3e76eecdadf',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","kiosk":"kiosk-1","epoch":"039fc769-4202-4d2e-8439-376c6107068a","kiosk_seq":1,"revision":0,"digest":"35a3e5a910265a4f9b7ea938983eb27dd9d2a90c2c25f241bf87e98670534094","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"675acada-69d4-4250-a334-e3e76eecdadf","last_seq":8}}');
INSERT INTO "hub_events" VALUES(9,1,'came','kiosk-1','0a918b1e-3fee-44fb-9b6a-a6e869071b8a','A1001',1,'clerk-1','11aea730-3019-4cd5-a784-7bf897a882e8',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","kiosk":"kiosk-1","epoch":"039fc769-4202-4d2e-8439-376c6107068a","kiosk_seq":1,"revision":0,"digest":"35a3e5a910265a4f9b7ea938983eb27dd9d2a90c2c25f241bf87e98670534094","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"11aea730-3019-4cd5-a784-7bf897a882e8","last_seq":9}}');
INSERT INTO "hub_events" VALUES(10,1,'done','kiosk-1','0a918b1e-3fee-44fb-9b6a-a6e869071b8a','A1001',1,'clerk-1','c9da0b21-cdd8-4308-b86c-44aa6a45ee6e',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","kiosk":"kiosk-1","epoch":"039fc769-4202-4d2e-8439-376c6107068a","kiosk_seq":1,"revision":0,"digest":"35a3e5a910265a4f9b7ea938983eb27dd9d2a90c2c25f241bf87e98670534094","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"c9da0b21-cdd8-4308-b86c-44aa6a45ee6e","last_seq":10},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(11,1,'arrived','kiosk-3','75a5ee5e-3ba8-4567-85de-6bd3fc87468b','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"75a5ee5e-3ba8-4567-85de-6bd3fc87468b","kiosk":"kiosk-3","epoch":"0def3f06-b6aa-4d2d-9e28-3ab6bb407c5a","kiosk_seq":1,"revision":0,"digest":"0ded6e5405b02899dd96570deab7e77a0cd3afed13edb97188b16ec6905cf878","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(12,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','c7d5f7e1-ca11-468d-9e5d-d893823eebe4',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"c7d5f7e1-ca11-468d-9e5d-d893823eebe4","last_seq":12},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(13,1,'by-hand','kiosk-3','75a5ee5e-3ba8-4567-85de-6bd3fc87468b','A3001',NULL,'clerk-1','c7d5f7e1-ca11-468d-9e5d-d893823eebe4',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"75a5ee5e-3ba8-4567-85de-6bd3fc87468b","kiosk":"kiosk-3","epoch":"0def3f06-b6aa-4d2d-9e28-3ab6bb407c5a","kiosk_seq":1,"revision":0,"digest":"0ded6e5405b02899dd96570deab7e77a0cd3afed13edb97188b16ec6905cf878","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(14,1,'called','kiosk-2','d20fb828-0858-4f76-b6ca-88bd5d1d5469','A2001',1,'clerk-1','27e0f563-e201-467f-9e08-a433db65da2f',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"d20fb828-0858-4f76-b6ca-88bd5d1d5469","kiosk":"kiosk-2","epoch":"a523fcf0-59dd-4fbb-8ada-3eab4048cdd2","kiosk_seq":1,"revision":0,"digest":"c52dfb2310d13674565b3ccea586d7d2f32cf851db0412fe8494af8d39425ffb","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":14,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"d20fb828-0858-4f76-b6ca-88bd5d1d5469","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"27e0f563-e201-467f-9e08-a433db65da2f","last_seq":14}}');
CREATE TABLE hub_events_aside (
	"row" INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_hub_events_aside PRIMARY KEY ("row")
);
INSERT INTO "hub_events_aside" VALUES(1,9,1,'{}');
CREATE TABLE hub_followers (
	hub TEXT NOT NULL, 
	pulled_line INTEGER NOT NULL, 
	pulled_at TEXT, 
	through INTEGER, 
	CONSTRAINT pk_hub_followers PRIMARY KEY (hub)
);
INSERT INTO "hub_followers" VALUES('hub-2',4,'2026-11-25T09:00:00Z',3);
CREATE TABLE hub_help_calls (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	asked_line INTEGER NOT NULL, 
	asked_at TEXT NOT NULL, 
	seen_by TEXT, 
	CONSTRAINT pk_hub_help_calls PRIMARY KEY (id), 
	CONSTRAINT uq_hub_help_calls_id_kiosk UNIQUE (id, kiosk)
);
INSERT INTO "hub_help_calls" VALUES('h1','kiosk-1',5,'2026-11-25T09:10:00Z',NULL);
CREATE TABLE hub_kiosk_boots (
	kiosk TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	offset_us INTEGER NOT NULL, 
	seen_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_kiosk_boots PRIMARY KEY (kiosk, boot_id)
);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','823ff34d-d81d-4a4f-89a7-7c1bd97249b9',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','ae055405-b224-48f7-be54-e181cd4e2ad8',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','abe11861-1cad-41ca-bb85-f28383bc9983',-700000000,0);
CREATE TABLE hub_kiosk_needs (
	kiosk TEXT NOT NULL, 
	needs TEXT NOT NULL, 
	heard_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_kiosk_needs PRIMARY KEY (kiosk)
);
INSERT INTO "hub_kiosk_needs" VALUES('kiosk-1','["paper-out"]',5);
CREATE TABLE hub_led (
	term INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	"by" TEXT, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_hub_led PRIMARY KEY (term, hub)
);
INSERT INTO "hub_led" VALUES(1,'hub-0001',NULL,'2026-11-25T09:00:00.000000Z');
CREATE TABLE hub_lives (
	seq INTEGER NOT NULL, 
	life TEXT NOT NULL, 
	hub TEXT NOT NULL, 
	CONSTRAINT pk_hub_lives PRIMARY KEY (seq)
);
INSERT INTO "hub_lives" VALUES(1,'faffc18c0ade001d','hub-0001');
CREATE TABLE hub_locks (
	scope TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_line INTEGER NOT NULL, 
	until_line INTEGER NOT NULL, 
	under_way INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_locks PRIMARY KEY (scope)
);
INSERT INTO "hub_locks" VALUES('clerk-1',2,3,4,0);
CREATE TABLE hub_messages (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	channel TEXT, 
	made_at TEXT NOT NULL, 
	dies_at TEXT NOT NULL, 
	state TEXT NOT NULL, 
	until TEXT, 
	handed_at TEXT, 
	tries INTEGER NOT NULL, 
	reference TEXT, 
	alarm TEXT NOT NULL, 
	person TEXT NOT NULL, 
	text TEXT NOT NULL, sends INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_messages PRIMARY KEY (id)
);
INSERT INTO "hub_messages" VALUES('m1','staff-alarm','modem','2026-11-25T09:11:00.000000Z','2026-11-25T10:11:00.000000Z','handed',NULL,NULL,0,'7','paper-out/kiosk-1','abababababababababababababababab','…',0);
CREATE TABLE hub_offices (
	origin TEXT NOT NULL, 
	seen_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_offices PRIMARY KEY (origin)
);
INSERT INTO "hub_offices" VALUES('192.0.2.7',3);
CREATE TABLE hub_overrides (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	CONSTRAINT pk_hub_overrides PRIMARY KEY (name)
);
INSERT INTO "hub_overrides" VALUES('rules','{}',1,2);
CREATE TABLE hub_presses (
	counter INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	answer TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	line_us INTEGER NOT NULL, 
	CONSTRAINT pk_hub_presses PRIMARY KEY (counter, "key")
)
 WITHOUT ROWID

;
INSERT INTO "hub_presses" VALUES(1,'11aea730-3019-4cd5-a784-7bf897a882e8','fe2742b0ff8b911ce8c1684b298001ece050a2b091e40b5399dc59fbfbaf48f5',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":null}',9,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'27e0f563-e201-467f-9e08-a433db65da2f','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"d20fb828-0858-4f76-b6ca-88bd5d1d5469","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":14}',14,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'675acada-69d4-4250-a334-e3e76eecdadf','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"0a918b1e-3fee-44fb-9b6a-a6e869071b8a","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":8}',8,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'c7d5f7e1-ca11-468d-9e5d-d893823eebe4','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1,"unconfirmed":false}',13,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'c9da0b21-cdd8-4308-b86c-44aa6a45ee6e','47ce196f37b9184c983ece90ce7bede719e7a1207b54c9b9acee2bab735a8b0d',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'d2ace5bf-a507-4a74-a2c1-cba58fda65e4','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',7,'hub-0001',1,0);
CREATE TABLE hub_sessions (
	token_sha256 TEXT NOT NULL, 
	clerk TEXT NOT NULL, 
	role TEXT NOT NULL, 
	counter INTEGER, 
	began_line INTEGER NOT NULL, 
	began_at TEXT NOT NULL, 
	ended TEXT, 
	pin_sha256 TEXT, 
	CONSTRAINT pk_hub_sessions PRIMARY KEY (token_sha256)
);
INSERT INTO "hub_sessions" VALUES('abababababababababababababababababababababababababababababababab','clerk-1','clerk',1,1,'2026-11-25T09:00:00Z',NULL,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
CREATE TABLE hub_state (
	one INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	line_us INTEGER DEFAULT '0' NOT NULL, 
	work_us INTEGER DEFAULT '0' NOT NULL, 
	wall_us INTEGER, 
	boot_id TEXT, 
	boot_time_ns INTEGER, 
	store_day INTEGER DEFAULT '0' NOT NULL, 
	follower TEXT, 
	pulled_line INTEGER, 
	board_heard_at TEXT, 
	board_speaks INTEGER DEFAULT '0' NOT NULL, 
	recall_due INTEGER DEFAULT '0' NOT NULL, 
	seen_term INTEGER DEFAULT '0' NOT NULL, 
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, holds_all INTEGER DEFAULT '0' NOT NULL, alone_since TEXT, hand_on_from INTEGER, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL,1,NULL,NULL);
CREATE TABLE hub_texts_let_go (
	one INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_hub_texts_let_go PRIMARY KEY (one)
);
INSERT INTO "hub_texts_let_go" VALUES(1,2);
CREATE TABLE hub_tickets (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	epoch TEXT NOT NULL, 
	kiosk_seq INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	order_id TEXT, 
	day INTEGER NOT NULL, 
	queue TEXT NOT NULL, 
	state TEXT NOT NULL, 
	arrived_line INTEGER NOT NULL, 
	arrived_work INTEGER NOT NULL, 
	is_certain INTEGER NOT NULL, 
	issued_at TEXT NOT NULL, 
	paper TEXT, 
	is_voided INTEGER NOT NULL, 
	only_counter INTEGER, 
	front_line INTEGER, 
	absences INTEGER NOT NULL, 
	absent_line INTEGER, 
	absent_seq INTEGER, 
	counter INTEGER, 
	call_seq INTEGER, 
	call_counter INTEGER, 
	called_at TEXT, 
	called_line INTEGER, 
	called_work INTEGER, 
	came_line INTEGER, 
	came_work INTEGER, 
	ended_line INTEGER, 
	ended_work INTEGER, 
	"end" TEXT, 
	parked_at TEXT, 
	estimate_s INTEGER, 
	low_s INTEGER, 
	high_s INTEGER, told_today TEXT, token_sha256 TEXT, first_day TEXT, last_day TEXT, claim TEXT, claimed TEXT, place_line INTEGER, shown TEXT, claim_at TEXT, due_line INTEGER, credit_us INTEGER, 
	CONSTRAINT pk_hub_tickets PRIMARY KEY (id)
);
INSERT INTO "hub_tickets" VALUES('0a918b1e-3fee-44fb-9b6a-a6e869071b8a','kiosk-1','039fc769-4202-4d2e-8439-376c6107068a',1,0,'35a3e5a910265a4f9b7ea938983eb27dd9d2a90c2c25f241bf87e98670534094','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,8,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('d20fb828-0858-4f76-b6ca-88bd5d1d5469','kiosk-2','a523fcf0-59dd-4fbb-8ada-3eab4048cdd2',1,0,'c52dfb2310d13674565b3ccea586d7d2f32cf851db0412fe8494af8d39425ffb','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,14,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('75a5ee5e-3ba8-4567-85de-6bd3fc87468b','kiosk-3','0def3f06-b6aa-4d2d-9e28-3ab6bb407c5a',1,0,'0ded6e5405b02899dd96570deab7e77a0cd3afed13edb97188b16ec6905cf878','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE hub_work_spans (
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	is_running INTEGER NOT NULL, seq INTEGER, 
	CONSTRAINT pk_hub_work_spans PRIMARY KEY (line_us)
);
INSERT INTO "hub_work_spans" VALUES(1,0,1,3);
CREATE TABLE inquiries (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reply_key TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	dies_ns INTEGER NOT NULL, 
	asked_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	revision INTEGER DEFAULT '0' NOT NULL, 
	answer TEXT, 
	CONSTRAINT pk_inquiries PRIMARY KEY (id)
);
CREATE TABLE items (
	"row" INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	epoch TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	wall_time TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	body TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	reason TEXT, 
	ended_at INTEGER, 
	CONSTRAINT pk_items PRIMARY KEY ("row"), 
	CONSTRAINT uq_items_epoch_seq UNIQUE (epoch, seq), 
	CONSTRAINT uq_items_id UNIQUE (id)
);
INSERT INTO "items" VALUES(1,'6dc7c811-235e-45b2-887f-049f40dd0f19','bffd6465-4992-439d-be90-3e4f18a11354',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','0d67ab75070a55a9adfe6d0690fe42d1c08ff4fb85e317088abadab0aa995c31','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'fc95b600-c42b-408b-b2f4-f1f456799518','bffd6465-4992-439d-be90-3e4f18a11354',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','0d67ab75070a55a9adfe6d0690fe42d1c08ff4fb85e317088abadab0aa995c31','242fc3079150564e7ba01912ce2f772df3aea4602d78629b64a0c9f3a11dcd2c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'9bf230f3-08d2-40c3-ab2a-64c2f8932b9f','bffd6465-4992-439d-be90-3e4f18a11354',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIiwiZmFjdCI6eyJodWIiOiJodWItMDAwMSIsImxpZmUiOiJmYWZmYzE4YzBhZGUwMDFkIiwic2VxIjo3fX0=','242fc3079150564e7ba01912ce2f772df3aea4602d78629b64a0c9f3a11dcd2c','20b75c405a779046137724563f7748ddc962c7e230471995ebb90b682b627457','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'c8ef36f8-7093-4746-931a-9d28b3cb2946','bffd6465-4992-439d-be90-3e4f18a11354',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6IjBhOTE4YjFlLTNmZWUtNDRmYi05YjZhLWE2ZTg2OTA3MWI4YSIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIiwiZmFjdCI6eyJodWIiOiJodWItMDAwMSIsImxpZmUiOiJmYWZmYzE4YzBhZGUwMDFkIiwic2VxIjo4fX0=','20b75c405a779046137724563f7748ddc962c7e230471995ebb90b682b627457','c28faac9d943fc43653b99706cf8ccad8a601b329253598b691b255e46a8840f','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'441cf6f0-8b28-47bf-b40d-71f0c278b8d3','bffd6465-4992-439d-be90-3e4f18a11354',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIwYTkxOGIxZS0zZmVlLTQ0ZmItOWI2YS1hNmU4NjkwNzFiOGEiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImZhY3QiOnsiaHViIjoiaHViLTAwMDEiLCJsaWZlIjoiZmFmZmMxOGMwYWRlMDAxZCIsInNlcSI6OX19','c28faac9d943fc43653b99706cf8ccad8a601b329253598b691b255e46a8840f','62918d5cb744f2b3d9b37a7c387f0c614906b100b2b23411c596153b1cd5a8dd','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'ad3147aa-2806-4338-8818-2c4b4966164c','bffd6465-4992-439d-be90-3e4f18a11354',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIwYTkxOGIxZS0zZmVlLTQ0ZmItOWI2YS1hNmU4NjkwNzFiOGEiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfSwiZmFjdCI6eyJodWIiOiJodWItMDAwMSIsImxpZmUiOiJmYWZmYzE4YzBhZGUwMDFkIiwic2VxIjoxMH19','62918d5cb744f2b3d9b37a7c387f0c614906b100b2b23411c596153b1cd5a8dd','98758dee6c17ffc91fdf93a4b8c2ab6ef386f2efd2e579fb12e4cd7c61bca699','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'311517d0-4e12-4991-a436-2ab5b15b3187','bffd6465-4992-439d-be90-3e4f18a11354',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEiLCJmYWN0Ijp7Imh1YiI6Imh1Yi0wMDAxIiwibGlmZSI6ImZhZmZjMThjMGFkZTAwMWQiLCJzZXEiOjEyfX0=','98758dee6c17ffc91fdf93a4b8c2ab6ef386f2efd2e579fb12e4cd7c61bca699','2486a309cb889852a7db2decc6112108a5020fd307c49babed3de88d8df413ca','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'c1277542-a630-4f81-b484-1484e6b91c58','bffd6465-4992-439d-be90-3e4f18a11354',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiI3NWE1ZWU1ZS0zYmE4LTQ1NjctODVkZS02YmQzZmM4NzQ2OGIiLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSIsImZhY3QiOnsiaHViIjoiaHViLTAwMDEiLCJsaWZlIjoiZmFmZmMxOGMwYWRlMDAxZCIsInNlcSI6MTN9fQ==','2486a309cb889852a7db2decc6112108a5020fd307c49babed3de88d8df413ca','0b03d37ad49b2aa06b8a4a776bb9685ea8274c92fcc6825061ba7e3d9f1c481a','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'a39d3458-c0c1-4ddc-bfd3-aec5a7fc5eb3','bffd6465-4992-439d-be90-3e4f18a11354',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6ImQyMGZiODI4LTA4NTgtNGY3Ni1iNmNhLTg4YmQ1ZDFkNTQ2OSIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIiwiZmFjdCI6eyJodWIiOiJodWItMDAwMSIsImxpZmUiOiJmYWZmYzE4YzBhZGUwMDFkIiwic2VxIjoxNH19','0b03d37ad49b2aa06b8a4a776bb9685ea8274c92fcc6825061ba7e3d9f1c481a','1e9e478fff2dda653d38b505620eb939eaa3a3e8f826a68029a4b6269781103c','waiting',NULL,NULL);
CREATE TABLE listeners (
	name TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	heard_through INTEGER NOT NULL, 
	statement TEXT, 
	CONSTRAINT pk_listeners PRIMARY KEY (name)
);
CREATE TABLE order_questions (
	"row" INTEGER NOT NULL, 
	order_id TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	asked INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_questions PRIMARY KEY ("row"), 
	CONSTRAINT uq_order_questions_order_id UNIQUE (order_id)
);
CREATE TABLE order_states (
	order_id TEXT NOT NULL, 
	number TEXT, 
	state TEXT NOT NULL, 
	at TEXT, 
	centre TEXT, 
	service TEXT, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_states PRIMARY KEY (order_id)
);
CREATE TABLE orders (
	id TEXT NOT NULL, 
	intention TEXT NOT NULL, 
	order_id TEXT, 
	code_sha256 TEXT NOT NULL, 
	service TEXT, 
	outcome TEXT NOT NULL, 
	order_number TEXT, 
	expires_at INTEGER, 
	recorded_us INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT uq_orders_intention UNIQUE (intention), 
	CONSTRAINT uq_orders_order_id UNIQUE (order_id)
);
CREATE TABLE payments (
	payment TEXT NOT NULL, 
	inquiry TEXT NOT NULL, 
	bill_no TEXT NOT NULL, 
	biller TEXT NOT NULL, 
	payer TEXT NOT NULL, 
	amount INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	pound TEXT NOT NULL, 
	dies_at TEXT NOT NULL, 
	opened_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	told TEXT, 
	CONSTRAINT pk_payments PRIMARY KEY (payment)
);
CREATE TABLE pin_attempts (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	waited_s INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pin_attempts PRIMARY KEY (name)
);
CREATE TABLE print_jobs (
	id INTEGER NOT NULL, 
	item_id TEXT NOT NULL, 
	paper TEXT NOT NULL, 
	copy INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	millimetres INTEGER, 
	started_at INTEGER NOT NULL, 
	ended_at INTEGER, 
	CONSTRAINT pk_print_jobs PRIMARY KEY (id)
);
CREATE TABLE settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
CREATE TABLE store (
	one INTEGER NOT NULL, 
	epoch TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	machine TEXT, 
	head_seq INTEGER NOT NULL, 
	head_hash TEXT NOT NULL, 
	floor_us INTEGER, 
	anchor_us INTEGER, 
	anchor_boot_id TEXT, 
	anchor_boot_time_ns INTEGER, 
	tickets_closed TEXT, 
	next_day_base INTEGER DEFAULT '0' NOT NULL, 
	first_pin_ended INTEGER DEFAULT '0' NOT NULL, 
	signed_us INTEGER, 
	CONSTRAINT pk_store PRIMARY KEY (one)
);
INSERT INTO "store" VALUES(1,'bffd6465-4992-439d-be90-3e4f18a11354','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'1e9e478fff2dda653d38b505620eb939eaa3a3e8f826a68029a4b6269781103c',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	total INTEGER NOT NULL, 
	trip INTEGER NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name)
);
CREATE TABLE technicians (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	role TEXT NOT NULL, 
	pin_hash TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id)
);
CREATE TABLE ticket_changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ticket_row INTEGER NOT NULL
);
CREATE TABLE tickets (
	"row" INTEGER NOT NULL, 
	intention TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	order_id TEXT, 
	voided TEXT, 
	CONSTRAINT pk_tickets PRIMARY KEY ("row"), 
	CONSTRAINT uq_tickets_day_id_prefix_digit_n UNIQUE (day_id, prefix, digit, n), 
	CONSTRAINT uq_tickets_intention UNIQUE (intention)
);
CREATE INDEX ix_items_dead ON items ("row") WHERE state = 'dead';
CREATE INDEX ix_items_waiting ON items ("row") WHERE state = 'waiting';
CREATE INDEX ix_tickets_order ON tickets (day_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ix_orders_code_sha256 ON orders (code_sha256);
CREATE UNIQUE INDEX uq_orders_unverified ON orders (code_sha256) WHERE order_id IS NULL;
CREATE INDEX ix_print_jobs_item_id ON print_jobs (item_id);
CREATE INDEX ix_print_jobs_sending ON print_jobs (id) WHERE state = 'sending';
CREATE TRIGGER ticket_issued AFTER INSERT ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END;
CREATE TRIGGER ticket_voided AFTER UPDATE OF voided ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END;
CREATE TRIGGER ticket_printed AFTER UPDATE OF state ON print_jobs WHEN NEW.state <> 'sending' BEGIN
        INSERT INTO ticket_changes (ticket_row)
        SELECT items.row FROM items JOIN tickets ON tickets.row = items.row WHERE items.id = NEW.item_id;
    END;
CREATE INDEX ix_order_states_number ON order_states (number);
CREATE INDEX ix_inquiries_open ON inquiries (state) WHERE state IN ('asked', 'answered', 'failed', 'undo');
CREATE INDEX ix_hub_presses_seq ON hub_presses (seq);
CREATE INDEX ix_hub_tickets_day_number ON hub_tickets (day, number);
CREATE INDEX ix_hub_tickets_kiosk ON hub_tickets (kiosk, epoch, kiosk_seq);
CREATE INDEX ix_hub_tickets_state ON hub_tickets (state, day);
CREATE INDEX ix_hub_sessions_counter ON hub_sessions (counter);
CREATE INDEX ix_hub_tickets_last_day ON hub_tickets (last_day) WHERE last_day IS NOT NULL;
CREATE INDEX ix_hub_tickets_claimed ON hub_tickets (claimed) WHERE claimed IS NOT NULL;
CREATE INDEX ix_hub_messages_alarm ON hub_messages (alarm, person);
CREATE INDEX ix_hub_messages_state ON hub_messages (state, dies_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;

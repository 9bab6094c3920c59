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
INSERT INTO "alembic_version" VALUES('0003');
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
CREATE TABLE calls_heard (
	day_id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	counter INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_calls_heard PRIMARY KEY (day_id, number)
);
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
INSERT INTO "epochs" VALUES('5069c630-caed-4fc2-8505-10889582cf10','hub-0001',0,NULL);
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
INSERT INTO "hub_alembic_version" VALUES('0013');
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
INSERT INTO "hub_counters" VALUES(1,'called',6,'19d63f6d-bccd-4403-a800-8dab10be1ef0','clerk-1',NULL,0,0,'4fa620f1-797e-40cf-91c9-8cfb5a693efd',14,0,0);
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
INSERT INTO "hub_events" VALUES(1,1,'led',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"term":1,"hub":"hub-0001","by":null}}');
INSERT INTO "hub_events" VALUES(2,1,'life-began',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"life":"65e7f0fb5fd820f1","hub":"hub-0001","why":"started","stood_on":1,"asks":true}}');
INSERT INTO "hub_events" VALUES(3,1,'work-switched',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"line_us":1,"work_us":0,"is_running":true}}');
INSERT INTO "hub_events" VALUES(4,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25"}}');
INSERT INTO "hub_events" VALUES(5,1,'arrived','kiosk-1','0e948cd8-57b6-4cec-85ed-2ebae557fbc0','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","kiosk":"kiosk-1","epoch":"55b3afba-15c8-40a7-a8bd-954381842073","kiosk_seq":1,"revision":0,"digest":"a6e869980befd59369209bf11d132c20cc0e23056a7016bde81af2c7ce4707e8","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(6,1,'arrived','kiosk-2','19d63f6d-bccd-4403-a800-8dab10be1ef0','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"19d63f6d-bccd-4403-a800-8dab10be1ef0","kiosk":"kiosk-2","epoch":"9460f2fa-2aed-458a-a6b1-c349261b5fef","kiosk_seq":1,"revision":0,"digest":"4ceb650d894377442b9d735d26e9fd69a66e1e7ea0c2d08b65cf53be3aab9865","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(7,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','4e7002d2-f06d-4c26-83ef-e64860b4a382',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"4e7002d2-f06d-4c26-83ef-e64860b4a382","last_seq":7}}');
INSERT INTO "hub_events" VALUES(8,1,'called','kiosk-1','0e948cd8-57b6-4cec-85ed-2ebae557fbc0','A1001',1,'clerk-1','8c3d5940-210a-4d58-9681-02ca4e7ba061',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","kiosk":"kiosk-1","epoch":"55b3afba-15c8-40a7-a8bd-954381842073","kiosk_seq":1,"revision":0,"digest":"a6e869980befd59369209bf11d132c20cc0e23056a7016bde81af2c7ce4707e8","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"8c3d5940-210a-4d58-9681-02ca4e7ba061","last_seq":8}}');
INSERT INTO "hub_events" VALUES(9,1,'came','kiosk-1','0e948cd8-57b6-4cec-85ed-2ebae557fbc0','A1001',1,'clerk-1','895d5ec1-e311-47a2-8f83-37e177ec223e',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","kiosk":"kiosk-1","epoch":"55b3afba-15c8-40a7-a8bd-954381842073","kiosk_seq":1,"revision":0,"digest":"a6e869980befd59369209bf11d132c20cc0e23056a7016bde81af2c7ce4707e8","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"895d5ec1-e311-47a2-8f83-37e177ec223e","last_seq":9}}');
INSERT INTO "hub_events" VALUES(10,1,'done','kiosk-1','0e948cd8-57b6-4cec-85ed-2ebae557fbc0','A1001',1,'clerk-1','4035fd8d-49d5-4708-85d2-a5ffd6ff31bf',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","kiosk":"kiosk-1","epoch":"55b3afba-15c8-40a7-a8bd-954381842073","kiosk_seq":1,"revision":0,"digest":"a6e869980befd59369209bf11d132c20cc0e23056a7016bde81af2c7ce4707e8","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"4035fd8d-49d5-4708-85d2-a5ffd6ff31bf","last_seq":10},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(11,1,'arrived','kiosk-3','4815cb9f-8834-4ce0-890c-d64eab5e9d5c','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"4815cb9f-8834-4ce0-890c-d64eab5e9d5c","kiosk":"kiosk-3","epoch":"351c85f1-6f4c-41bd-becd-ca3069704340","kiosk_seq":1,"revision":0,"digest":"a9c2e3f5a8a6b006ac26c263e0cb829f77481cb87b0bf8996643155d8cd31ca7","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(12,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','58b4548b-090d-425c-9581-11a2e8789c4f',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"58b4548b-090d-425c-9581-11a2e8789c4f","last_seq":12},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(13,1,'by-hand','kiosk-3','4815cb9f-8834-4ce0-890c-d64eab5e9d5c','A3001',NULL,'clerk-1','58b4548b-090d-425c-9581-11a2e8789c4f',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"4815cb9f-8834-4ce0-890c-d64eab5e9d5c","kiosk":"kiosk-3","epoch":"351c85f1-6f4c-41bd-becd-ca3069704340","kiosk_seq":1,"revision":0,"digest":"a9c2e3f5a8a6b006ac26c263e0cb829f77481cb87b0bf8996643155d8cd31ca7","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(14,1,'called','kiosk-2','19d63f6d-bccd-4403-a800-8dab10be1ef0','A2001',1,'clerk-1','4fa620f1-797e-40cf-91c9-8cfb5a693efd',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"19d63f6d-bccd-4403-a800-8dab10be1ef0","kiosk":"kiosk-2","epoch":"9460f2fa-2aed-458a-a6b1-c349261b5fef","kiosk_seq":1,"revision":0,"digest":"4ceb650d894377442b9d735d26e9fd69a66e1e7ea0c2d08b65cf53be3aab9865","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":14,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"19d63f6d-bccd-4403-a800-8dab10be1ef0","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"4fa620f1-797e-40cf-91c9-8cfb5a693efd","last_seq":14}}');
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
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','b7f25b96-9d8a-4d0e-96f4-488f9d6ae705',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','43097ac3-451b-44df-b1a0-ac3212a30581',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','542fb820-9859-4cfc-8066-649a4957c447',-700000000,0);
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
INSERT INTO "hub_lives" VALUES(2,'65e7f0fb5fd820f1','hub-0001');
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
INSERT INTO "hub_presses" VALUES(1,'4035fd8d-49d5-4708-85d2-a5ffd6ff31bf','1cc9fd3eb950fc9037f5b5be85e44ba71e7fb917bde74358adc2f864336a0020',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'4e7002d2-f06d-4c26-83ef-e64860b4a382','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',7,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'4fa620f1-797e-40cf-91c9-8cfb5a693efd','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"19d63f6d-bccd-4403-a800-8dab10be1ef0","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":14}',14,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'58b4548b-090d-425c-9581-11a2e8789c4f','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1}',13,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'895d5ec1-e311-47a2-8f83-37e177ec223e','609ddf9afd470da85f04faecd2e6f6eb80e03b14688f0a01b0add8e867f54b6b',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":null}',9,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'8c3d5940-210a-4d58-9681-02ca4e7ba061','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"0e948cd8-57b6-4cec-85ed-2ebae557fbc0","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":8}',8,'hub-0001',1,0);
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
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, holds_all INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL,1);
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
INSERT INTO "hub_tickets" VALUES('0e948cd8-57b6-4cec-85ed-2ebae557fbc0','kiosk-1','55b3afba-15c8-40a7-a8bd-954381842073',1,0,'a6e869980befd59369209bf11d132c20cc0e23056a7016bde81af2c7ce4707e8','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,8,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('19d63f6d-bccd-4403-a800-8dab10be1ef0','kiosk-2','9460f2fa-2aed-458a-a6b1-c349261b5fef',1,0,'4ceb650d894377442b9d735d26e9fd69a66e1e7ea0c2d08b65cf53be3aab9865','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,14,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('4815cb9f-8834-4ce0-890c-d64eab5e9d5c','kiosk-3','351c85f1-6f4c-41bd-becd-ca3069704340',1,0,'a9c2e3f5a8a6b006ac26c263e0cb829f77481cb87b0bf8996643155d8cd31ca7','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO "items" VALUES(1,'b3d079af-b25b-49b6-ba0e-ca487c25b408','5069c630-caed-4fc2-8505-10889582cf10',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','0a98889ae3c46efffb5593d1e7046afcb4b09b1e22f200f5b40b82a6597a5a3b','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'c5865583-491d-4a83-a863-b56248f4b308','5069c630-caed-4fc2-8505-10889582cf10',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','0a98889ae3c46efffb5593d1e7046afcb4b09b1e22f200f5b40b82a6597a5a3b','44d072b0ae8c1ae76094885882a66ccf039d99dc474abaf0d2179e37167bedf4','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'29318087-355c-48a5-b7b2-782a1f5b34ff','5069c630-caed-4fc2-8505-10889582cf10',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','44d072b0ae8c1ae76094885882a66ccf039d99dc474abaf0d2179e37167bedf4','4a93b61a90ecd79409193ff34270a3021c1bc77d7aaa34cdb025f9c431aac7d6','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'c7ae41d2-73af-4bb1-818d-305c0a3b1c8c','5069c630-caed-4fc2-8505-10889582cf10',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6IjBlOTQ4Y2Q4LTU3YjYtNGNlYy04NWVkLTJlYmFlNTU3ZmJjMCIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','4a93b61a90ecd79409193ff34270a3021c1bc77d7aaa34cdb025f9c431aac7d6','eb4fb68a3456f029d6d3ab833d87ebfb3824fa652b21fcf25a0b260c35d6e427','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'22d30d17-6ffc-4b1e-9486-ad4dceb874f5','5069c630-caed-4fc2-8505-10889582cf10',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIwZTk0OGNkOC01N2I2LTRjZWMtODVlZC0yZWJhZTU1N2ZiYzAiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSJ9','eb4fb68a3456f029d6d3ab833d87ebfb3824fa652b21fcf25a0b260c35d6e427','197f76ef4a0d2ccb07c8ee6f1b8da8ca672f80e9585c8b90c009824c57bcef51','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'3144bc99-83f6-4db8-98de-4e399cc094ae','5069c630-caed-4fc2-8505-10889582cf10',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIwZTk0OGNkOC01N2I2LTRjZWMtODVlZC0yZWJhZTU1N2ZiYzAiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfX0=','197f76ef4a0d2ccb07c8ee6f1b8da8ca672f80e9585c8b90c009824c57bcef51','1a60fb459f21421acd26238a4c490f97d396919eb37cc7648f66862e1dd0ad92','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'98633452-18e4-45b8-9031-46e1368ce504','5069c630-caed-4fc2-8505-10889582cf10',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEifQ==','1a60fb459f21421acd26238a4c490f97d396919eb37cc7648f66862e1dd0ad92','54d9202527446aef4d39e42b07c98ecef4e7b0f6aa158d61bceeb2e3fcb0fe57','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'86867fc7-e553-4cd3-8140-5532fca7050b','5069c630-caed-4fc2-8505-10889582cf10',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiI0ODE1Y2I5Zi04ODM0LTRjZTAtODkwYy1kNjRlYWI1ZTlkNWMiLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSJ9','54d9202527446aef4d39e42b07c98ecef4e7b0f6aa158d61bceeb2e3fcb0fe57','7906c6432745b16ebc4054b68f33bec31bd102db86114dffe1e1527576263a5f','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'3905ad5f-5f41-401b-97f4-2ce19cb5c1c2','5069c630-caed-4fc2-8505-10889582cf10',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6IjE5ZDYzZjZkLWJjY2QtNDQwMy1hODAwLThkYWIxMGJlMWVmMCIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','7906c6432745b16ebc4054b68f33bec31bd102db86114dffe1e1527576263a5f','aeceb9b5e5284b2bfafee7fea56bc1b4642b15c8b60c3ba798c8977b6e77cbe3','waiting',NULL,NULL);
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
INSERT INTO "store" VALUES(1,'5069c630-caed-4fc2-8505-10889582cf10','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'aeceb9b5e5284b2bfafee7fea56bc1b4642b15c8b60c3ba798c8977b6e77cbe3',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
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

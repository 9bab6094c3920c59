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
INSERT INTO "alembic_version" VALUES('0001');
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
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('counters','{"centre":"homs-main","counters":[{"number":1,"names":{"ar":"1","en":"1"},"groups":["A","B"]},{"number":2,"names":{"ar":"2","en":"2"},"groups":["A"]}],"rules":{"priority_weight":2,"help_after_s":1800,"carry_after_min":60,"carry_most":0.25}}',1,0);
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
INSERT INTO "epochs" VALUES('1f51adbb-345f-4bb8-a0a8-a336611e3d0a','hub-0001',0,NULL);
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
CREATE TABLE hub_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hub_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hub_alembic_version" VALUES('0003');
CREATE TABLE hub_by_hand (
	seq INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	ranges TEXT NOT NULL, 
	CONSTRAINT pk_hub_by_hand PRIMARY KEY (seq, day)
);
INSERT INTO "hub_by_hand" VALUES(9,1,'[{"to":"A3001","first":null,"but":[]}]');
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
INSERT INTO "hub_counters" VALUES(1,'called',6,'f160e125-37da-4339-a95e-d784b7635b39','clerk-1',NULL,0,0,'b5f44f92-535c-490d-9f27-885eace825ee',11,0,0);
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
INSERT INTO "hub_events" VALUES(1,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25"}}');
INSERT INTO "hub_events" VALUES(2,1,'arrived','kiosk-1','0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","kiosk":"kiosk-1","epoch":"8cd736a7-c54c-4e22-a595-a4f03758e578","kiosk_seq":1,"revision":0,"digest":"5fc11b8019ddb3cb5e3257b07306b901f2853451197839a3d2fd605d174d56ac","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(3,1,'arrived','kiosk-2','f160e125-37da-4339-a95e-d784b7635b39','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"f160e125-37da-4339-a95e-d784b7635b39","kiosk":"kiosk-2","epoch":"b89f44b2-cad1-412d-8795-c68ca1e6a635","kiosk_seq":1,"revision":0,"digest":"f21bf7126dbcfa4a284edda273857fc9be9a17dfab6c6c23594727a31fa98684","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(4,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','cfb2498f-c4c6-4050-b46b-3461e402307d',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"cfb2498f-c4c6-4050-b46b-3461e402307d","last_seq":4}}');
INSERT INTO "hub_events" VALUES(5,1,'called','kiosk-1','0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c','A1001',1,'clerk-1','249eb130-d220-4b68-825a-2161277ef164',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","kiosk":"kiosk-1","epoch":"8cd736a7-c54c-4e22-a595-a4f03758e578","kiosk_seq":1,"revision":0,"digest":"5fc11b8019ddb3cb5e3257b07306b901f2853451197839a3d2fd605d174d56ac","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"249eb130-d220-4b68-825a-2161277ef164","last_seq":5}}');
INSERT INTO "hub_events" VALUES(6,1,'came','kiosk-1','0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c','A1001',1,'clerk-1','a65b11ac-54f9-4a62-b996-e0bf407e238b',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","kiosk":"kiosk-1","epoch":"8cd736a7-c54c-4e22-a595-a4f03758e578","kiosk_seq":1,"revision":0,"digest":"5fc11b8019ddb3cb5e3257b07306b901f2853451197839a3d2fd605d174d56ac","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"a65b11ac-54f9-4a62-b996-e0bf407e238b","last_seq":6}}');
INSERT INTO "hub_events" VALUES(7,1,'done','kiosk-1','0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c','A1001',1,'clerk-1','53b3f803-fb74-4c9e-a46b-70eeef1136ef',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","kiosk":"kiosk-1","epoch":"8cd736a7-c54c-4e22-a595-a4f03758e578","kiosk_seq":1,"revision":0,"digest":"5fc11b8019ddb3cb5e3257b07306b901f2853451197839a3d2fd605d174d56ac","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"53b3f803-fb74-4c9e-a46b-70eeef1136ef","last_seq":7},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(8,1,'arrived','kiosk-3','e8ac1b22-f292-4262-8018-c80b146a13e7','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"e8ac1b22-f292-4262-8018-c80b146a13e7","kiosk":"kiosk-3","epoch":"98052b89-3f45-4bcc-ac4e-4d0b1424985e","kiosk_seq":1,"revision":0,"digest":"c6c6e8b16f9db62899c35ab54c8990073a19c5e5924957da9c56c4a7f6680588","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(9,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','1f3ad14e-1c8f-4801-8bc6-66e8895ed0df',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"1f3ad14e-1c8f-4801-8bc6-66e8895ed0df","last_seq":9},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(10,1,'by-hand','kiosk-3','e8ac1b22-f292-4262-8018-c80b146a13e7','A3001',NULL,'clerk-1','1f3ad14e-1c8f-4801-8bc6-66e8895ed0df',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"e8ac1b22-f292-4262-8018-c80b146a13e7","kiosk":"kiosk-3","epoch":"98052b89-3f45-4bcc-ac4e-4d0b1424985e","kiosk_seq":1,"revision":0,"digest":"c6c6e8b16f9db62899c35ab54c8990073a19c5e5924957da9c56c4a7f6680588","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(11,1,'called','kiosk-2','f160e125-37da-4339-a95e-d784b7635b39','A2001',1,'clerk-1','b5f44f92-535c-490d-9f27-885eace825ee',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"f160e125-37da-4339-a95e-d784b7635b39","kiosk":"kiosk-2","epoch":"b89f44b2-cad1-412d-8795-c68ca1e6a635","kiosk_seq":1,"revision":0,"digest":"f21bf7126dbcfa4a284edda273857fc9be9a17dfab6c6c23594727a31fa98684","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":11,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"f160e125-37da-4339-a95e-d784b7635b39","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"b5f44f92-535c-490d-9f27-885eace825ee","last_seq":11}}');
CREATE TABLE hub_events_aside (
	"row" INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_hub_events_aside PRIMARY KEY ("row")
);
INSERT INTO "hub_events_aside" VALUES(1,9,1,'{}');
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
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','caed71d5-2102-4316-be05-c5c23ff9df13',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','e49badb1-623a-43cf-8bd9-e8cdf1c4afe0',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','5851b922-7d13-4870-8fbe-471815337ce8',-700000000,0);
CREATE TABLE hub_locks (
	scope TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_line INTEGER NOT NULL, 
	until_line INTEGER NOT NULL, 
	under_way INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_locks PRIMARY KEY (scope)
);
INSERT INTO "hub_locks" VALUES('clerk-1',2,3,4,0);
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
INSERT INTO "hub_presses" VALUES(1,'1f3ad14e-1c8f-4801-8bc6-66e8895ed0df','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'249eb130-d220-4b68-825a-2161277ef164','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":5}',5,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'53b3f803-fb74-4c9e-a46b-70eeef1136ef','91012498b7cbf19863122136980ea85396cb62b858dd3c4b598fc028ca1886d5',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',7,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'a65b11ac-54f9-4a62-b996-e0bf407e238b','aef1ec305c4372d641d7f35374cf6ad113fc9b6e2cbd70c76f0b99e801c69cee',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":null}',6,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'b5f44f92-535c-490d-9f27-885eace825ee','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"f160e125-37da-4339-a95e-d784b7635b39","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":11}',11,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'cfb2498f-c4c6-4050-b46b-3461e402307d','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',4,'hub-0001',1,0);
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
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL);
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
	high_s INTEGER, told_today TEXT, token_sha256 TEXT, first_day TEXT, last_day TEXT, claim TEXT, claimed TEXT, place_line INTEGER, shown TEXT, 
	CONSTRAINT pk_hub_tickets PRIMARY KEY (id)
);
INSERT INTO "hub_tickets" VALUES('0e8f1c7d-b1b6-427c-aafb-19a9beafbf4c','kiosk-1','8cd736a7-c54c-4e22-a595-a4f03758e578',1,0,'5fc11b8019ddb3cb5e3257b07306b901f2853451197839a3d2fd605d174d56ac','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,5,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('f160e125-37da-4339-a95e-d784b7635b39','kiosk-2','b89f44b2-cad1-412d-8795-c68ca1e6a635',1,0,'f21bf7126dbcfa4a284edda273857fc9be9a17dfab6c6c23594727a31fa98684','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,11,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('e8ac1b22-f292-4262-8018-c80b146a13e7','kiosk-3','98052b89-3f45-4bcc-ac4e-4d0b1424985e',1,0,'c6c6e8b16f9db62899c35ab54c8990073a19c5e5924957da9c56c4a7f6680588','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE hub_work_spans (
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	is_running INTEGER NOT NULL, 
	CONSTRAINT pk_hub_work_spans PRIMARY KEY (line_us)
);
INSERT INTO "hub_work_spans" VALUES(1,0,1);
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
INSERT INTO "items" VALUES(1,'13dd1ddf-4ec1-43d0-b83b-02e8efadbe0a','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','9c13bf6cc95c30eb5cf2c75b50443faf0b672237929615d577874aa64a88815a','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'9e441273-14f6-4536-9962-6e8e8774646c','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','9c13bf6cc95c30eb5cf2c75b50443faf0b672237929615d577874aa64a88815a','b5c5b47245fdf205204bafa879601d7af3e97b9fc695c735bf50819605919333','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'ef4f5086-b2e7-4b55-941e-ebafd6e9a05f','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','b5c5b47245fdf205204bafa879601d7af3e97b9fc695c735bf50819605919333','f4f75dbab7b7fd011e508a9a843a0a9e7ffec5ed29913797d3dc68faa1e5a607','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'839b2725-3d80-4213-ab47-aaf7edae59bc','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6IjBlOGYxYzdkLWIxYjYtNDI3Yy1hYWZiLTE5YTliZWFmYmY0YyIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','f4f75dbab7b7fd011e508a9a843a0a9e7ffec5ed29913797d3dc68faa1e5a607','ff884a1022e7632469469217d2f5b8c8407dfbac4d4605989c1ec4563246b9fc','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'5012ea3c-1af4-47a5-ab0f-815c49eb49c6','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIwZThmMWM3ZC1iMWI2LTQyN2MtYWFmYi0xOWE5YmVhZmJmNGMiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSJ9','ff884a1022e7632469469217d2f5b8c8407dfbac4d4605989c1ec4563246b9fc','7fa06899ddfe1e6852f6131bf8f0068a1b8c9a390328e2cbfee335610e49bd73','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'ebc267f8-7129-45c6-b284-a3a8e533d810','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIwZThmMWM3ZC1iMWI2LTQyN2MtYWFmYi0xOWE5YmVhZmJmNGMiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfX0=','7fa06899ddfe1e6852f6131bf8f0068a1b8c9a390328e2cbfee335610e49bd73','5d1b09bcb1c9e4be39cf8849b24ee7b9e650288198e5aa8a2e2efc2a2e7d9ad0','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'a795a697-6463-4a11-82f0-f06d6a05b757','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEifQ==','5d1b09bcb1c9e4be39cf8849b24ee7b9e650288198e5aa8a2e2efc2a2e7d9ad0','1c54411e6b6cddd599fe1110870e6bcfbf8a7447ce68a3ddcb5dc48df4fc1e33','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'b823504e-0c83-4478-a5c0-04a9ded4db8a','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiJlOGFjMWIyMi1mMjkyLTQyNjItODAxOC1jODBiMTQ2YTEzZTciLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSJ9','1c54411e6b6cddd599fe1110870e6bcfbf8a7447ce68a3ddcb5dc48df4fc1e33','1d0d4c6a5fa891861875730a6f471528457dfda44e83219144c760539f0cdc40','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'b1da406e-6d79-4235-b0b3-35711a9d9cb9','1f51adbb-345f-4bb8-a0a8-a336611e3d0a',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6ImYxNjBlMTI1LTM3ZGEtNDMzOS1hOTVlLWQ3ODRiNzYzNWIzOSIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','1d0d4c6a5fa891861875730a6f471528457dfda44e83219144c760539f0cdc40','64fed7f15dca821050ddae0256b6a4c68f62a745ea48a6eecc0d01b1ecdd195e','waiting',NULL,NULL);
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
INSERT INTO "store" VALUES(1,'1f51adbb-345f-4bb8-a0a8-a336611e3d0a','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'64fed7f15dca821050ddae0256b6a4c68f62a745ea48a6eecc0d01b1ecdd195e',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
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
CREATE INDEX ix_hub_presses_seq ON hub_presses (seq);
CREATE INDEX ix_hub_tickets_day_number ON hub_tickets (day, number);
CREATE INDEX ix_hub_tickets_kiosk ON hub_tickets (kiosk, epoch, kiosk_seq);
CREATE INDEX ix_hub_tickets_state ON hub_tickets (state, day);
CREATE INDEX ix_hub_sessions_counter ON hub_sessions (counter);
CREATE INDEX ix_hub_tickets_last_day ON hub_tickets (last_day) WHERE last_day IS NOT NULL;
CREATE INDEX ix_hub_tickets_claimed ON hub_tickets (claimed) WHERE claimed IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;

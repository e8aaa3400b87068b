CREATE TABLE "rooms" (
	"room_id" text PRIMARY KEY NOT NULL,
	"trip_id" text NOT NULL,
	"hotel" text NOT NULL,
	"nights" integer NOT NULL,
	"state" text DEFAULT 'booked' NOT NULL,
	"booked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "state_is_known" CHECK ("rooms"."state" in ('booked', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "vouchers" (
	"voucher_id" text PRIMARY KEY NOT NULL,
	"trip_id" text NOT NULL,
	"sent_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "rooms_of_trip" ON "rooms" USING btree ("trip_id");
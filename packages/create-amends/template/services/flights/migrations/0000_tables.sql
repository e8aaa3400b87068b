CREATE TABLE "seats" (
	"seat_id" text PRIMARY KEY NOT NULL,
	"trip_id" text NOT NULL,
	"flight" text NOT NULL,
	"state" text DEFAULT 'held' NOT NULL,
	"ticket" text,
	"held_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "state_is_known" CHECK ("seats"."state" in ('held', 'released', 'bought'))
);
--> statement-breakpoint
CREATE INDEX "seats_of_trip" ON "seats" USING btree ("trip_id");
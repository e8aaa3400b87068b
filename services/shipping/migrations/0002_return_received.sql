ALTER TABLE "return_labels" ADD COLUMN "received_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "return_labels" ADD COLUMN "received" json;
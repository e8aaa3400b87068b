ALTER TABLE "payments" ADD COLUMN "hold_id" text;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_hold_id_unique" UNIQUE("hold_id");
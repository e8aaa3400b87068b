ALTER TABLE "order_history" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP TABLE "order_history" CASCADE;--> statement-breakpoint
DROP INDEX "orders_by_time";--> statement-breakpoint
DROP INDEX "orders_by_status";--> statement-breakpoint
ALTER TABLE "orders" DROP COLUMN "reason";--> statement-breakpoint
ALTER TABLE "orders" DROP COLUMN "tracking_number";--> statement-breakpoint
ALTER TABLE "orders" DROP COLUMN "placed_at";
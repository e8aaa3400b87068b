// The worker process of what is written by hand, with the SDK as it comes. Its argument says where everything is.
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from './activities.ts';
import { BY_HAND_QUEUE, BY_HAND_WORKFLOWS, readPlaces } from './places.ts';

const { address, urls } = readPlaces(process.argv[2]);
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue: BY_HAND_QUEUE,
  workflowsPath: BY_HAND_WORKFLOWS,
  activities: createActivities(urls),
});
await worker.run();
process.exit();

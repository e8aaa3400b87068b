// The card provider, as it is, for whoever kills it and starts it again.
// oxlint-disable import/no-unassigned-import -- each of them begins to run
import './armed.ts';
import '../../services/card-provider/main.ts';

process.send?.('ready');

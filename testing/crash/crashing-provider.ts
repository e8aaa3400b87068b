// The card provider, as it is, for whoever kills it and starts it again.
import './armed.ts';
import '../../services/card-provider/main.ts';

process.send?.('ready');

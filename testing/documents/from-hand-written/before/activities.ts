import { ApplicationFailure } from '@temporalio/activity';

/** What a customer wants. `price` in cents. */
export interface Holiday {
  readonly bookingId: string;
  readonly customer: string;
  readonly hotel: string;
  readonly nights: number;
  readonly price: number;
  readonly card: string;
}

const post = async <T>(url: string, body: unknown): Promise<T> => {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (answer.status === 409) throw ApplicationFailure.nonRetryable(await answer.text(), 'Refused');
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as T;
};

/** The calls of the services at these URLs. */
export const createActivities = ({ cars, hotels, cards, mail }: Record<string, string>) => ({
  reserveCar: ({ bookingId, nights }: Holiday) => post<{ carId: string }>(`${cars}/cars`, { bookingId, nights }),
  returnCar: (carId: string) => post<void>(`${cars}/cars/${carId}/return`, {}),
  bookRoom: ({ bookingId, hotel, nights }: Holiday) =>
    post<{ roomId: string }>(`${hotels}/rooms`, { bookingId, hotel, nights }),
  cancelRoom: (roomId: string) => post<void>(`${hotels}/rooms/${roomId}/cancel`, {}),
  chargeCard: ({ bookingId, card, price }: Holiday) =>
    post<{ chargeId: string }>(`${cards}/charges`, { bookingId, card, price }),
  refundCard: (chargeId: string) => post<void>(`${cards}/charges/${chargeId}/refund`, {}),
  sendItinerary: (bookingId: string, customer: string) =>
    post<{ mailId: string }>(`${mail}/itineraries`, { bookingId, customer }),
});

/** What ACK and NACK carry beside the message that they name. */
export function transactionHeader({ transaction }: { readonly transaction?: string }): Record<string, string> {
  return transaction === undefined ? {} : { transaction };
}

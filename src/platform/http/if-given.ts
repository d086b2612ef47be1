import { ValidateIf } from 'class-validator';

/** Left out is fine, null is not: a null would pass for "no change" unseen. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

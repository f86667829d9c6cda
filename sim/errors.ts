/** Wrong input by the user: one line that names the field, the value, the unit and what is allowed. The CLI prints it and exits 2. */
export class InputError extends Error {}

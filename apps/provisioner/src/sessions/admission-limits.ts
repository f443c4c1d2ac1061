/** Injection token of the configured AdmissionLimits. */
export const admissionLimits = Symbol('AdmissionLimits');

/** Audit trails: who did what, as JSON lines in CADF's terms (DMTF DSP0262). */
package io.github.godwit.common.trail;

/** The audit trail: who did what, in the database and as JSON lines in CADF's terms. */
package io.github.godwit.strategy.trail;

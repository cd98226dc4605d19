/** The report of a run, as a table and as JSON: planned migrations, their predicted and their measured cost. */
package io.github.godwit.strategy.report;

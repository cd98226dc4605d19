/** What was planned and what came of it, for people and for programs. */
package io.github.godwit.strategy.report;

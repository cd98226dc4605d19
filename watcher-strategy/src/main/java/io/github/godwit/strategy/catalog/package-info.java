/** What audits can aim at and how: goals with their indicators, strategies with their parameters, scoring engines. */
package io.github.godwit.strategy.catalog;

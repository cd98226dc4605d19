/** The built-in goals with their indicators, strategies with their parameters, and scoring engines. */
package io.github.godwit.strategy.catalog;

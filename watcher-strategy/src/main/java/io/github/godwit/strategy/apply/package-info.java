/** Carrying out an action plan. */
package io.github.godwit.strategy.apply;

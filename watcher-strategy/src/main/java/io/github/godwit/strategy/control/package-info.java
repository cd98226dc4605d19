/** The switch by which an operator stops what the service does. */
package io.github.godwit.strategy.control;

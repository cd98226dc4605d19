/** SLO policies as objects that can be changed while the service runs. */
package io.github.godwit.strategy.policy;

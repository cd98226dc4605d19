/** What all packages of the service share: refusals, JSON and YAML as trees, and calls in parallel. */
package io.github.godwit.strategy.common;

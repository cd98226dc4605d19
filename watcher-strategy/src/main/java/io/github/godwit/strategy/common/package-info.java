/** What all packages of the service share: refusals, and JSON and YAML as trees. */
package io.github.godwit.strategy.common;

/** The REST resources of OpenStack Watcher's {@code infra-optim} API, version 1. */
package io.github.godwit.strategy.rest.infraoptim;

/** The REST API: Watcher's {@code infra-optim} v1, and what it has no word for under {@code /godwit/v1}. */
package io.github.godwit.strategy.rest;

/** The HTTP server that serves all REST resources. */
package io.github.godwit.strategy.rest.server;

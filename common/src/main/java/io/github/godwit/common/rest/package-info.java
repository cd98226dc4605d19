/** The HTTP server that host driver and service share, without routes. */
package io.github.godwit.common.rest;

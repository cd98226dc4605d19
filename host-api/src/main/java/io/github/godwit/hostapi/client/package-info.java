/** The client of the host driver's REST API. */
package io.github.godwit.hostapi.client;

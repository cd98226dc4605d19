/** The host driver's REST API: its routes, errors, access control and OpenAPI document. */
package io.github.godwit.host.rest;

/** What the REST resources of both APIs share: microversions, query parameters, bodies, errors, authorization and JSON views. */
package io.github.godwit.strategy.rest;

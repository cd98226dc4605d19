package io.github.godwit.host.rest;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.stream.Collectors;

/**
 * Maps an invalid parameter to status 400. {@link ErrorMapper} does not suffice: Jersey has its own mapper for these exceptions, which
 * is more specific.
 */
final class ViolationMapper implements ExceptionMapper<ConstraintViolationException> {

    @Override
    public Response toResponse(ConstraintViolationException violated) {
        return ErrorMapper.answer(
                Response.Status.BAD_REQUEST.getStatusCode(),
                violated.getConstraintViolations().stream()
                        .map(ConstraintViolation::getMessage)
                        .sorted()
                        .collect(Collectors.joining(" ")));
    }
}

// NestJS on Fastify with NestJS's validation and throttler, and Fastify's logger. The code calls decorators as functions,
// since Node does not support decorator syntax.
import 'reflect-metadata'
import helmet from '@fastify/helmet'
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Module,
  Param,
  ParseIntPipe,
  Post,
  Query,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import { IsString, Length } from 'class-validator'
import { GREETING, isAuthorized, NO_LIMIT, PORT, SECRET } from './answers.js'
import { findArticle, listArticles } from './articles.js'

class Draft {}
decorateMember(Draft, 'title', IsString(), Length(1, 200))
decorateMember(Draft, 'body', IsString(), Length(1, 100_000))
decorateMember(Draft, 'author', IsString(), Length(1, 100))

class BasicGuard {
  canActivate(context) {
    if (isAuthorized(context.switchToHttp().getRequest().headers.authorization)) return true
    throw new UnauthorizedException()
  }
}

class Articles {
  greet(name) {
    return name === undefined ? GREETING : `Hello ${name}`
  }
  draft(draft) {
    return draft
  }
  list() {
    return { items: listArticles() }
  }
  read(id) {
    return findArticle(id)
  }
  secret() {
    return SECRET
  }
}
decorateMethod(Articles, 'greet', [Get('hello')], [Query('name')], [String])
decorateMethod(Articles, 'draft', [Post('drafts'), HttpCode(200)], [Body()], [Draft])
decorateMethod(Articles, 'list', [Get('articles')])
decorateMethod(Articles, 'read', [Get('articles/:id')], [Param('id', ParseIntPipe)], [Number])
decorateMethod(Articles, 'secret', [Get('secrets'), UseGuards(BasicGuard)])
Controller()(Articles)

class Service {}
Module({
  imports: [ThrottlerModule.forRoot([{ ttl: 60_000, limit: NO_LIMIT }])],
  controllers: [Articles],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})(Service)

const app = await NestFactory.create(Service, new FastifyAdapter({ logger: true }), {
  logger: ['error', 'warn'],
})
await app.register(helmet)
app.enableCors()
app.useGlobalPipes(
  new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
)
await app.listen(PORT, '127.0.0.1')

function decorateMember(type, name, ...decorators) {
  for (const decorate of decorators) decorate(type.prototype, name)
}

/** Applies decorators to a method and its parameters, as the TypeScript compiler's output does. */
function decorateMethod(type, name, decorators, parameters = [], types = []) {
  const { prototype } = type
  for (const [index, decorate] of parameters.entries()) decorate(prototype, name, index)
  Reflect.defineMetadata('design:paramtypes', types, prototype, name)
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
  for (const decorate of decorators) decorate(prototype, name, descriptor)
}

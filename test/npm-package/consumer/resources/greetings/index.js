export default async function greetings(app) {
  app.get('/greetings', async () => ['hello'])
}

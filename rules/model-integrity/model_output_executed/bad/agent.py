from openai import OpenAI
client = OpenAI()

def answer(question):
    reply = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    exec(reply.choices[0].message.content)

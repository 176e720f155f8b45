from openai import OpenAI
client = OpenAI()

def answer(question):
    reply = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    print(reply.choices[0].message.content)
    exec("x = 1")

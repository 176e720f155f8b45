import gradio as gr

demo = gr.Interface(fn=len, inputs="text", outputs="number")
demo.launch(server_name="0.0.0.0", auth=("me", open("secret").read()), allowed_paths=["/"])

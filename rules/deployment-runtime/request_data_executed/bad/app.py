import gradio as gr

def compute(expression):
    return eval(expression)

gr.Interface(fn=compute, inputs="text", outputs="text").launch()
